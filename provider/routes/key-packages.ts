import type { Hono } from "hono";
import { toBase64Url } from "../../src/codec/bytes.js";
import { type KeyPackageUpload, keyPackageUpload } from "../../src/codec/hub-messages.js";
import { readKeyPackage } from "../../src/mls/key-package.js";
import type { Hub } from "../hub/hub.js";
import { refusing } from "../hub/mls-refusal.js";
import { Refusal } from "../refusal.js";
import { readBinary } from "../request-body.js";
import type { Client } from "../store/clients.js";
import { keepKeyPackages, keyPackagesOf } from "../store/key-packages.js";
import { clientOf, type Environment, json, type RouteTools } from "./environment.js";

/** `PUT /v1/keyPackages`, `GET /v1/keyPackages`: a client publishes KeyPackages, and looks how many are left. */
export function keyPackageRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { hub, rates } = tools;
  const { keyPackageBytes, keyPackagesPerClient } = hub.config.limits;

  app.get("/v1/keyPackages", async (context) => {
    const client = await clientOf(tools, context);
    return json(await published(hub, client));
  });

  app.put("/v1/keyPackages", async (context) => {
    const client = await clientOf(tools, context);
    await rates.take("updatesPerClient", client.clientUri);
    // what is allowed, the last resort, and the lengths between
    const upload = await readBinary(context, keyPackageUpload, (keyPackagesPerClient + 2) * keyPackageBytes);
    const offered = await readUpload(hub, client, upload);
    const bounds = { now: hub.clock.now(), most: keyPackagesPerClient };
    if (!(await keepKeyPackages(hub.store, client.clientUri, offered, bounds))) {
      throw new Refusal("tooLarge", `more than ${keyPackagesPerClient} KeyPackages of one client`);
    }
    return json(await published(hub, client));
  });
}

/** The KeyPackages of an upload, each checked (RFC 9420, 10.1). Throws Refusal for the first that is not good. */
async function readUpload(hub: Hub, client: Client, { keyPackages, lastResort }: KeyPackageUpload) {
  if (keyPackages.length > hub.config.limits.keyPackagesPerClient) {
    throw new Refusal("tooLarge", `${keyPackages.length} KeyPackages`);
  }
  const offered = [
    ...keyPackages.map((message) => ({ message, isLast: false })),
    ...(lastResort === undefined ? [] : [{ message: lastResort, isLast: true }]),
  ];
  return await Promise.all(offered.map(({ message, isLast }) => readOffered(hub, client, message, isLast)));
}

async function readOffered(hub: Hub, client: Client, message: Uint8Array, isLast: boolean) {
  const { keyPackageBytes } = hub.config.limits;
  if (message.length > keyPackageBytes) throw new Refusal("tooLarge", `a KeyPackage over ${keyPackageBytes} octets`);
  const view = await refusing("invalidKeyPackage", undefined, () =>
    readKeyPackage(hub.crypto, message, hub.clock.now()),
  );
  const { reference, lifetime, lastResort } = view;
  if (view.client.clientUri !== client.clientUri) {
    throw new Refusal("invalidKeyPackage", "a KeyPackage of another client");
  }
  if (lastResort !== isLast) {
    throw new Refusal("invalidKeyPackage", "the last resort, and it alone, is marked by last_resort_key_package");
  }
  return { reference, lastResort, notAfter: lifetime.notAfter, message };
}

/** What is answered: `count` without the last resort, `expiresAt` the earliest of all. */
async function published({ store, clock }: Hub, { clientUri }: Client) {
  const kept = await keyPackagesOf(store, clientUri, clock.now());
  const [earliest] = kept;
  return {
    count: kept.filter(({ lastResort }) => !lastResort).length,
    ...(earliest === undefined ? {} : { expiresAt: earliest.notAfter }),
    references: kept.map(({ reference }) => toBase64Url(reference)),
  };
}
