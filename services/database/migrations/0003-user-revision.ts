/** Orders two versions of a profile: whoever changes one raises it. */
export const userRevision = `
alter table users add column revision bigint not null default 0;
`
