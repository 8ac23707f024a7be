import Keywright
import KeywrightZ

func typed(_ connection: AnyConnection) throws -> Connection<Zendesk> { try Connection(connection) }
