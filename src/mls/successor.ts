import type { Crypto } from "./crypto.js";
import { foundGroup, type Group, resumptionPsks } from "./group.js";
import { makeCommit, type OwnCommit } from "./make-commit.js";
import { MlsError } from "./mls-error.js";
import { resumptionPskId } from "./psk.js";
import type { LeafContent } from "./tree/leaf.js";
import type { Extension } from "./wire/extension.js";
import type { KeyPackage } from "./wire/key-package.js";

/** Who begins a group after another one, and with whom. */
export interface SuccessorParts {
  /** What this member's leaf says in the new group. */
  readonly leaf: LeafContent;
  /** One of each other member, made for the new group. */
  readonly keyPackages: readonly KeyPackage[];
  readonly treeInWelcome?: boolean;
}

/** The group that a committed ReInit agreed on (RFC 9420, 11.2), with its Welcome. Throws MlsError "invalidCommit" without a ReInit. */
export async function reinitialise(crypto: Crypto, former: Group, parts: SuccessorParts): Promise<OwnCommit> {
  if (former.reInit === undefined) throw new MlsError("invalidCommit", "no ReInit was committed");
  return succeed(crypto, former, "reInit", former.reInit, parts);
}

/** A group of some of the members of another one (RFC 9420, 11.3), with its Welcome. */
export function branch(
  crypto: Crypto,
  former: Group,
  parts: SuccessorParts & { readonly groupId: Uint8Array; readonly extensions: readonly Extension[] },
): Promise<OwnCommit> {
  return succeed(crypto, former, "branch", parts, parts);
}

/** "a commit that … adds the members … and a PreSharedKey proposal … with the usage" begins the new group's epoch 1. */
async function succeed(
  crypto: Crypto,
  former: Group,
  usage: "reInit" | "branch",
  { groupId, extensions }: { readonly groupId: Uint8Array; readonly extensions: readonly Extension[] },
  { leaf, keyPackages, treeInWelcome }: SuccessorParts,
): Promise<OwnCommit> {
  const alone = await foundGroup(crypto, { groupId, leaf, extensions });
  const added = keyPackages.map((keyPackage) => ({ kind: "add", keyPackage }) as const);
  const psk = { kind: "psk", psk: resumptionPskId(usage, former) } as const;
  return makeCommit(crypto, alone, {
    references: [],
    proposals: [...added, psk],
    psks: resumptionPsks(former),
    ...(treeInWelcome === undefined ? {} : { treeInWelcome }),
  });
}
