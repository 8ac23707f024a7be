import Keywright
import KeywrightZ
import NotebookProvider

let desk = Zendesk(subdomain: try HostLabel("acme"))
