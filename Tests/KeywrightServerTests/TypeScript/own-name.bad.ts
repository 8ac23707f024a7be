// Type '{ api_token: string; }' is not assignable to type 'undefined'.
import { Keywright, type Integration } from "keywright";

declare module "keywright" {
  interface Integrations {
    "my-desk": Integration<"zendesk", "oauth">;
  }
}

const keywright = new Keywright({ publicKey: "kw_pk_1" });
keywright.auth("my-desk", { params: { subdomain: "acme" }, credentials: { api_token: "t" } });
