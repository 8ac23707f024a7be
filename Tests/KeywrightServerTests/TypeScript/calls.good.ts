import { Keywright, KeywrightError, type AnyIntegration, type Integration } from "keywright";

declare module "keywright" {
  interface Integrations {
    "my-desk": Integration<"zendesk", "oauth">;
  }
}

const keywright = new Keywright({ publicKey: "kw_pk_1" });

export async function all(key: string): Promise<string> {
  await keywright.auth("zendesk", "conn-1", { params: { subdomain: "acme" } });
  await keywright.auth("zendesk", { params: { subdomain: "acme" }, scopes: ["read", "users:read"], hmac: "ab" });
  await keywright.auth("zendesk", { params: { subdomain: "acme", email: "a@example.com" }, credentials: { api_token: "t" } });
  await keywright.auth("my-desk", { params: { subdomain: "acme" }, mode: "redirect", returnURL: "/done" });
  await keywright.auth("github");
  await keywright.auth("github", "conn-2");
  await keywright.auth("github", "conn-2", { scopes: ["repo"], hints: { login: "octo" } });
  await keywright.create("openai", "conn-3", { credentials: { api_key: "sk" }, timeout: 10_000 });
  await keywright.reconnect("zendesk");
  await keywright.auth(key as AnyIntegration, { params: { whatever: "x" }, scopes: ["y"] });
  const back = await keywright.resume();
  keywright.addEventListener("closed_hint", (event) => console.log(event.detail.isCertain));
  const forget = ({ detail }: CustomEvent<KeywrightError>) => console.log(detail.code);
  keywright.addEventListener("error", forget);
  keywright.removeEventListener("error", forget);
  keywright.openConnectUI({ sessionToken: "t", onEvent: (event) => event.type === "connect" && event.connectionId }).close();
  try {
    return (await keywright.auth("github")).connectionId + (back?.providerConfigKey ?? "");
  } catch (error) {
    if (error instanceof KeywrightError && error.code === "blocked_by_browser") return error.url ?? "";
    throw error;
  }
}
