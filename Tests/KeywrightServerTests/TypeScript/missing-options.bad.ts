// Argument of type 'string' is not assignable to parameter of type '(BrowserOptions & { params: { subdomain: string; }; }
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("zendesk", "conn-1");
