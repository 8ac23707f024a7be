import Keywright
import KeywrightZ

func begin(_ desk: Zendesk, _ uri: RedirectURI) throws -> Pending<Zendesk> {
  try desk.oauth.begin(client: OAuthClient(id: "id", secret: Secret("s")), redirectURI: uri)
}
