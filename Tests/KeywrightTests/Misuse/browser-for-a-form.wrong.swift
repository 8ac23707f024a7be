// error: value of type 'CredentialForm<Zendesk, NoClient>' has no member 'begin'
import Keywright
import KeywrightZ
import NotebookProvider

func begin(
  _ desk: Zendesk, _ app: OAuthClient, _ mail: EmailAddress, _ token: Secret, _ uri: RedirectURI
) throws {
  _ = try desk.apiToken(email: mail, apiToken: token).begin(client: app, redirectURI: uri)
}
