import Keywright
import KeywrightZ

func keep(_ connection: Connection<Zendesk>, _ key: SealingKey) throws -> any Encodable {
  try connection.sealed(with: key)
}
