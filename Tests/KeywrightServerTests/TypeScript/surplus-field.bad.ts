// 'region' does not exist in type
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("zendesk", "conn-1", { params: { subdomain: "acme", region: "eu" } });
