/** The tables of the Products Manager, in a schema of their own. */
export const tables = `
create schema products;

create table products.products (
  code text primary key,
  name text not null,
  brands jsonb not null,
  quantity text,
  categories jsonb not null,
  nutrition_grade text check (nutrition_grade in ('a', 'b', 'c', 'd', 'e')),
  nova_group integer check (nova_group between 1 and 4),
  energy_kj numeric,
  fat_g numeric,
  sugars_g numeric,
  proteins_g numeric,
  salt_g numeric,
  created_at timestamptz not null,
  modified_at timestamptz not null
);
create index products_by_name on products.products (lower(name), code);
create index products_by_category on products.products using gin (categories);
create index products_by_change on products.products (modified_at);

create table products.media (
  id text primary key,
  product_code text not null references products.products on delete cascade,
  kind text not null,
  url text not null,
  format text not null,
  language text,
  revision integer,
  size_pixels integer
);
create index media_by_product on products.media (product_code);

create table products.mappings (
  ean text primary key,
  asins jsonb not null,
  origin text not null check (origin in ('synthetic', 'manual'))
);

create table products.import_jobs (
  id text primary key,
  idempotency_key text unique,
  source text not null check (source in ('sample', 'upload')),
  input text,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  rows_total integer,
  rows_done integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  rejected integer not null default 0,
  errors jsonb not null default '[]',
  failure text,
  attempts integer not null default 0,
  claim text,
  claimed_until timestamptz,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index import_jobs_waiting on products.import_jobs (queued_at)
  where state in ('queued', 'running');
create index import_jobs_by_age on products.import_jobs (queued_at desc);

create table products.settings (
  name text primary key,
  value jsonb not null
);
`
