import Keywright
import KeywrightS
import KeywrightZ

func bot(of connection: Connection<Slack>, _ name: Slack.CredentialName) -> Credential? {
  connection.credential(name)
}
