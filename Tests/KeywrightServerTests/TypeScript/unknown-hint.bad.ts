// Did you mean to write 'login'?
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("github", { hints: { logn: "octo" } });
