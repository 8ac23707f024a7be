// error: cannot convert value of type 'Connection<Notebook>' to expected argument type 'Connection<Zendesk>'
import Keywright
import KeywrightZ
import NotebookProvider

func tickets(of connection: Connection<Zendesk>) {}
func call(_ connection: Connection<Notebook>) { tickets(of: connection) }
