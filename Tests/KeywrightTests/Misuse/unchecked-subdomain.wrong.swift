// error: cannot convert value of type 'String' to expected argument type 'HostLabel'
import Keywright
import KeywrightZ
import NotebookProvider

let desk = Zendesk(subdomain: "acme")
