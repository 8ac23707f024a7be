// error: cannot convert value of type 'Zendesk.CredentialName' (aka 'SoleCredential') to expected argument type 'Slack.CredentialName'
import Keywright
import KeywrightS
import KeywrightZ

func bot(of connection: Connection<Slack>, _ name: Zendesk.CredentialName) -> Credential? {
  connection.credential(name)
}
