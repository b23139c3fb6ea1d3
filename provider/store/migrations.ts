import type { Kysely, Migration } from "kysely";
import { sql } from "kysely";

/** The first schema. A later one is a new entry below: what has been released never changes. */
const first: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("hub")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("domain", "text", (column) => column.notNull())
      .addColumn("private_key", "blob", (column) => column.notNull())
      .addColumn("public_key", "blob", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("clients")
      .addColumn("client_uri", "text", (column) => column.primaryKey())
      .addColumn("user_uri", "text", (column) => column.notNull())
      .addColumn("user_key", "blob", (column) => column.notNull())
      .addColumn("signature_key", "blob", (column) => column.notNull())
      .addColumn("created_at", "integer", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("tokens")
      .addColumn("token_hash", "blob", (column) => column.primaryKey())
      .addColumn("client_uri", "text", (column) =>
        column.notNull().references("clients.client_uri").onDelete("cascade"),
      )
      .addColumn("expires_at", "integer", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("tokens_by_expiry").on("tokens").columns(["expires_at"]).execute();
    await db.schema.createIndex("tokens_of_client").on("tokens").columns(["client_uri", "expires_at"]).execute();
    await db.schema
      .createTable("rooms")
      .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("room_uri", "text", (column) => column.notNull().unique())
      .addColumn("origins", "text", (column) => column.notNull())
      .addColumn("policy", "blob", (column) => column.notNull())
      .addColumn("last_cursor", "integer", (column) => column.notNull())
      .addColumn("start_hash", "blob", (column) => column.notNull())
      .addColumn("start_cursor", "integer", (column) => column.notNull())
      .addColumn("created_at", "integer", (column) => column.notNull())
      .addColumn("group_id", "blob")
      .addColumn("epoch", "integer")
      .addColumn("public_group", "blob")
      .addColumn("group_info", "blob")
      .addColumn("ratchet_tree", "blob")
      .execute();
    await db.schema
      .createTable("seats")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("room_id", "integer", (column) => column.notNull().references("rooms.id").onDelete("cascade"))
      .addColumn("client_uri", "text", (column) => column.notNull())
      .addColumn("from_cursor", "integer", (column) => column.notNull())
      .addColumn("to_cursor", "integer")
      .execute();
    await db.schema.createIndex("seats_of_client").on("seats").columns(["room_id", "client_uri"]).execute();
    await db.schema
      .createTable("events")
      .addColumn("room_id", "integer", (column) => column.notNull().references("rooms.id").onDelete("cascade"))
      .addColumn("cursor", "integer", (column) => column.notNull())
      .addColumn("accepted_at", "integer", (column) => column.notNull())
      .addColumn("epoch", "integer", (column) => column.notNull())
      .addColumn("message_hash", "blob", (column) => column.notNull())
      .addColumn("message", "blob", (column) => column.notNull())
      .addPrimaryKeyConstraint("events_key", ["room_id", "cursor"])
      .modifyEnd(sql`without rowid`)
      .execute();
    await db.schema.createIndex("events_by_hash").on("events").columns(["room_id", "message_hash"]).unique().execute();
    await db.schema
      .createTable("proposals")
      .addColumn("room_id", "integer", (column) => column.notNull().references("rooms.id").onDelete("cascade"))
      .addColumn("leaf_index", "integer", (column) => column.notNull())
      .addColumn("accepted_at", "integer", (column) => column.notNull())
      .addColumn("message", "blob", (column) => column.notNull())
      .addPrimaryKeyConstraint("proposals_key", ["room_id", "leaf_index"])
      .execute();
  },
};

const keyPackages: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("key_packages")
      .addColumn("client_uri", "text", (column) =>
        column.notNull().references("clients.client_uri").onDelete("cascade"),
      )
      .addColumn("reference", "blob", (column) => column.notNull())
      .addColumn("last_resort", "integer", (column) => column.notNull())
      .addColumn("not_after", "integer", (column) => column.notNull())
      .addColumn("message", "blob", (column) => column.notNull())
      .addPrimaryKeyConstraint("key_packages_key", ["client_uri", "reference"])
      .execute();
    await db.schema.createIndex("key_packages_by_expiry").on("key_packages").columns(["not_after"]).execute();
  },
};

/**
 * External public keys of commits; commits that no member has taken yet, and what stood before them (docs/adr/0015). The group of an
 * epoch gets a row of its own: to keep the one before is to leave it where it is.
 */
const provisionalCommits: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable("events")
      .addColumn("external_pub", "blob", (column) => column.notNull().defaultTo(sql`x''`))
      .execute();
    await db.schema
      .createTable("group_states")
      .addColumn("room_id", "integer", (column) => column.notNull().references("rooms.id").onDelete("cascade"))
      .addColumn("epoch", "integer", (column) => column.notNull())
      .addColumn("public_group", "blob", (column) => column.notNull())
      .addColumn("group_info", "blob", (column) => column.notNull())
      .addColumn("ratchet_tree", "blob", (column) => column.notNull())
      .addPrimaryKeyConstraint("group_states_key", ["room_id", "epoch"])
      .execute();
    await sql`insert into group_states select id, epoch, public_group, group_info, ratchet_tree from rooms
      where group_id is not null`.execute(db);
    for (const column of ["public_group", "group_info", "ratchet_tree"]) {
      await db.schema.alterTable("rooms").dropColumn(column).execute();
    }
    await db.schema
      .createTable("provisional_commits")
      .addColumn("room_id", "integer", (column) => column.notNull())
      .addColumn("cursor", "integer", (column) => column.notNull())
      .addColumn("client_uri", "text", (column) => column.notNull())
      .addColumn("user_uri", "text", (column) => column.notNull())
      .addColumn("speakers", "blob", (column) => column.notNull())
      .addColumn("last_seat", "integer", (column) => column.notNull())
      .addColumn("proposals", "blob", (column) => column.notNull())
      .addColumn("policy", "blob", (column) => column.notNull())
      .addColumn("epoch", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("provisional_commits_key", ["room_id", "cursor"])
      .addForeignKeyConstraint(
        "provisional_commits_event",
        ["room_id", "cursor"],
        "events",
        ["room_id", "cursor"],
        (key) => key.onDelete("cascade"),
      )
      .execute();
    await db.schema
      .createTable("bars")
      .addColumn("room_id", "integer", (column) => column.notNull().references("rooms.id").onDelete("cascade"))
      .addColumn("user_uri", "text", (column) => column.notNull())
      .addColumn("until", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("bars_key", ["room_id", "user_uri"])
      .execute();
    await db.schema.createIndex("bars_by_end").on("bars").columns(["until"]).execute();
  },
};

/** A proposal is provisional as well as a commit (docs/adr/0015). */
const provisionalEvents: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("provisional_commits").renameTo("provisional_events").execute();
  },
};

/** Every migration by its name; the names' order is the order in which they run. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-first": first,
  "0002-key-packages": keyPackages,
  "0003-provisional-commits": provisionalCommits,
  "0004-provisional-events": provisionalEvents,
};
