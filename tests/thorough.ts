// Whether a run may take its time. The gate tries a part of what takes long, and the soak all of it (tests/soak/vitest.config.ts).

export const THOROUGH = process.env.THOROUGH === '1'
