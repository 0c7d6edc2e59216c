"""Made-up data for the demonstration and the benchmarks: province 97, which exists nowhere.

places → families → facts → copying; `seeding` drives them block by block, `hard_cases` adds what
real registers stumble over, `accounts` gives each role a sign-in, `story` lets the reviews of the
last two years run, `courses` carries their cases, `teams` sends people to the villages. The same
seed makes the same rows and numbers; only what is sealed (by random nonces) and moments of writing
differ.
"""
