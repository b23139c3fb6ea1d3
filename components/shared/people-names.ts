interface Named {
  readonly userUri: string;
  readonly nickname: string;
}

/**
 * The name of each user as it is shown: the nickname, and where two users call themselves alike a mark from the user's
 * own URI, which nobody can choose to share.
 */
export function displayNames(users: Iterable<Named>): ReadonlyMap<string, string> {
  const nicknames = new Map<string, string>();
  for (const { userUri, nickname } of users) nicknames.set(userUri, nickname);
  const bearers = new Map<string, number>();
  for (const nickname of nicknames.values()) bearers.set(alike(nickname), (bearers.get(alike(nickname)) ?? 0) + 1);
  return new Map(
    [...nicknames].map(([userUri, nickname]) => {
      const shared = (bearers.get(alike(nickname)) ?? 0) > 1;
      return [userUri, shared ? `${nickname} #${userUri.slice(-4)}` : nickname];
    }),
  );
}

/** Names that a reader takes for the same. */
function alike(nickname: string): string {
  return nickname.normalize("NFKC").trim().toLowerCase();
}
