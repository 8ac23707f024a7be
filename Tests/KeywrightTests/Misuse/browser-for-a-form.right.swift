import Keywright
import KeywrightZ
import NotebookProvider

func begin(
  _ desk: Zendesk, _ app: OAuthClient, _ mail: EmailAddress, _ token: Secret, _ uri: RedirectURI
) throws {
  _ = try desk.oauth.begin(client: app, redirectURI: uri)
}
