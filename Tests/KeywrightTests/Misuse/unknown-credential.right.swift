import Keywright
import KeywrightS

func bot(of connection: Connection<Slack>) -> Credential? { connection.credential(.bot) }
