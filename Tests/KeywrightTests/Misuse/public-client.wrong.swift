// error: cannot convert value of type 'PublicClient' to expected argument type 'OAuthClient'
import Keywright
import KeywrightZ

func begin(_ desk: Zendesk, _ uri: RedirectURI) throws -> Pending<Zendesk> {
  try desk.oauth.begin(client: PublicClient(id: "id"), redirectURI: uri)
}
