// error: cannot convert return expression of type 'AnyConnection' to return type 'Connection<Zendesk>'
import Keywright
import KeywrightZ

func typed(_ connection: AnyConnection) -> Connection<Zendesk> { connection }
