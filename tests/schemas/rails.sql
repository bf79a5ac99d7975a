-- The tables that a new Rails application has, with Active Storage and Action Text.
CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
CREATE TABLE "ar_internal_metadata" (
    "key" varchar NOT NULL PRIMARY KEY,
    "value" varchar,
    "created_at" datetime(6) NOT NULL,
    "updated_at" datetime(6) NOT NULL
);
CREATE TABLE "active_storage_blobs" (
    "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key" varchar NOT NULL,
    "filename" varchar NOT NULL,
    "content_type" varchar,
    "metadata" text,
    "service_name" varchar NOT NULL,
    "byte_size" bigint NOT NULL,
    "checksum" varchar,
    "created_at" datetime(6) NOT NULL
);
CREATE UNIQUE INDEX "index_active_storage_blobs_on_key" ON "active_storage_blobs" ("key");
CREATE TABLE "active_storage_attachments" (
    "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" varchar NOT NULL,
    "record_type" varchar NOT NULL,
    "record_id" bigint NOT NULL,
    "blob_id" bigint NOT NULL,
    "created_at" datetime(6) NOT NULL,
    CONSTRAINT "fk_attachments_blob" FOREIGN KEY ("blob_id") REFERENCES "active_storage_blobs" ("id")
);
CREATE INDEX "index_attachments_on_blob_id" ON "active_storage_attachments" ("blob_id");
CREATE UNIQUE INDEX "index_attachments_uniqueness"
    ON "active_storage_attachments" ("record_type", "record_id", "name", "blob_id");
CREATE TABLE "active_storage_variant_records" (
    "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
    "blob_id" bigint NOT NULL,
    "variation_digest" varchar NOT NULL,
    CONSTRAINT "fk_variants_blob" FOREIGN KEY ("blob_id") REFERENCES "active_storage_blobs" ("id")
);
CREATE TABLE "action_text_rich_texts" (
    "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
    "name" varchar NOT NULL,
    "body" text,
    "record_type" varchar NOT NULL,
    "record_id" bigint NOT NULL,
    "created_at" datetime(6) NOT NULL DEFAULT (CURRENT_TIMESTAMP),
    "updated_at" datetime(6) NOT NULL
);
