import Keywright
import KeywrightZ
import NotebookProvider

func begin(_ desk: Zendesk, _ app: OAuthClient, _ uri: RedirectURI) throws -> Pending<Zendesk> {
  try desk.oauth.begin(client: app, scopes: [Zendesk.Scope.ticketsRead], redirectURI: uri)
}
