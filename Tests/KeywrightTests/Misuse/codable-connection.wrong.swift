// error: return expression of type 'Connection<Zendesk>' does not conform to 'Encodable'
import Keywright
import KeywrightZ

func keep(_ connection: Connection<Zendesk>) -> any Encodable { connection }
