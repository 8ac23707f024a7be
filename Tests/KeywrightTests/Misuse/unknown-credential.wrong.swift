// error: type 'Slack.CredentialName' has no member 'robot'
import Keywright
import KeywrightS

func bot(of connection: Connection<Slack>) -> Credential? { connection.credential(.robot) }
