// error TS2322: Type '{}' is not assignable to type '{ subdomain: string; }
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("zendesk", "conn-1", { params: {} });
