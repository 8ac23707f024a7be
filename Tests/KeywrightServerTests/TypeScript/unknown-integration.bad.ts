// error TS2345: Argument of type '"zendes"' is not assignable to parameter of type 'IntegrationKey'.
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("zendes", "conn-1", { params: { subdomain: "acme" } });
