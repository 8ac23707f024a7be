// Did you mean '"repo"'?
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("github", "conn-1", { scopes: ["repos"] });
