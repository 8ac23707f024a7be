import Keywright
import KeywrightG

func begin(_ app: OAuthClient, _ uri: RedirectURI) throws -> Pending<GitHub> {
  try GitHub().oauth.begin(client: app, hints: GitHub.OauthHints(login: "ada"), redirectURI: uri)
}
