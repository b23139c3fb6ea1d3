import type { CommitView } from "../codec/group-view.js";
import type { Crypto } from "./crypto.js";
import type { Group } from "./group.js";
import type { LeafIdentity } from "./leaf-identity.js";
import { type CommitWish, makeCommit, type OwnCommit } from "./make-commit.js";
import { leafContentOf } from "./room-authentication.js";
import { viewCommit } from "./room-view.js";

/** A commit of one's own in a room, made and not yet accepted. */
export interface StagedOwnCommit extends Omit<OwnCommit, "checked"> {
  readonly view: CommitView;
}

/** What a member commits in a room. */
export type RoomCommitWish = Omit<CommitWish, "leaf"> & {
  /** Who the own leaf says that it is from now on, when that is something else. */
  readonly identity?: LeafIdentity;
};

/** A member's commit in a room, for policy to judge: see {@link makeCommit}. */
export async function stageCommit(crypto: Crypto, group: Group, wish: RoomCommitWish): Promise<StagedOwnCommit> {
  const { identity, ...rest } = wish;
  return withView(await makeCommit(crypto, group, identity ? { ...rest, leaf: leafContentOf(identity) } : rest));
}

export function withView({ checked, ...made }: OwnCommit): StagedOwnCommit {
  return { ...made, view: viewCommit(checked) };
}
