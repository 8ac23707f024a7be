// error: cannot convert value of type 'Google.OauthHints' to expected argument type 'GitHub.OauthHints'
import Keywright
import KeywrightG

func begin(_ app: OAuthClient, _ uri: RedirectURI) throws -> Pending<GitHub> {
  let hints = Google.OauthHints(loginHint: "ada@example.test")
  return try GitHub().oauth.begin(client: app, hints: hints, redirectURI: uri)
}
