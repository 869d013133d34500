-- SPDX-License-Identifier: Apache-2.0
-- Answers expire about in the order of their intents; an index cost a page in every commit.
drop index answer_expires;
