// error: cannot convert value of type 'Notebook.Scope' to expected element type 'Zendesk.Scope'
import Keywright
import KeywrightZ
import NotebookProvider

func begin(_ desk: Zendesk, _ app: OAuthClient, _ uri: RedirectURI) throws -> Pending<Zendesk> {
  try desk.oauth.begin(client: app, scopes: [Notebook.Scope.notesRead], redirectURI: uri)
}
