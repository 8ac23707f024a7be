import Keywright
import KeywrightZ
import NotebookProvider

func tickets(of connection: Connection<Zendesk>) {}
func call(_ connection: Connection<Zendesk>) { tickets(of: connection) }
