// 'scope' does not exist in type
import { Keywright } from "keywright";

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("github", { scope: ["repo"] });
