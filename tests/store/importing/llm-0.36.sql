-- Written by llm 0.36 with a model of our own; tables that are not read are left out.
BEGIN;
CREATE TABLE "attachments" (
   "id" TEXT PRIMARY KEY,
   "type" TEXT,
   "path" TEXT,
   "url" TEXT,
   "content" BLOB
);
INSERT INTO "attachments" VALUES('7729e44434d9e6a157da7521ff386714f070eef0e7832a7e0da9f77b86728829','image/png',NULL,NULL,X'89504E470D0A1A0A7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878');
CREATE TABLE "conversations" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT,
   "model" TEXT
);
CREATE TABLE "fragments" (
   "id" INTEGER PRIMARY KEY,
   "hash" TEXT,
   "content" TEXT,
   "datetime_utc" TEXT,
   "source" TEXT
);
INSERT INTO "fragments" VALUES(1,'fdd2fa7decd9a85c27220f2dd1bde24b5807fa50ee78d78fd2fb90a6832b0094','A fragment.','2026-11-23 18:52:38',NULL);
CREATE TABLE "messages" (
   "hash" TEXT PRIMARY KEY,
   "parent_hash" TEXT REFERENCES "messages"("hash"),
   "role" TEXT,
   "provider_metadata" TEXT
);
INSERT INTO "messages" VALUES('b2:074dea0bd0259e0d5dca16426a45e4f5',NULL,'system',NULL);
INSERT INTO "messages" VALUES('b2:7d1f4ae6d4550e70bb7af01d6ae4fe02','b2:074dea0bd0259e0d5dca16426a45e4f5','user',NULL);
INSERT INTO "messages" VALUES('b2:abb84d36c92e45f3b128ce9930ed8b88','b2:7d1f4ae6d4550e70bb7af01d6ae4fe02','assistant',NULL);
INSERT INTO "messages" VALUES('b2:2dd20056fc41aa59e905e1ee7d7cf170','b2:abb84d36c92e45f3b128ce9930ed8b88','user',NULL);
INSERT INTO "messages" VALUES('b2:be17f0baff237dc718ae6d63bb21a5e5','b2:2dd20056fc41aa59e905e1ee7d7cf170','assistant',NULL);
INSERT INTO "messages" VALUES('b2:a4db1e1cc68e5bf60dff5cc6c85b8d0f',NULL,'user',NULL);
INSERT INTO "messages" VALUES('b2:d2723246f86be7337692851740e9da58','b2:a4db1e1cc68e5bf60dff5cc6c85b8d0f','assistant',NULL);
INSERT INTO "messages" VALUES('b2:d5df12352c80c6463a9d4918d7bae7f5',NULL,'user',NULL);
INSERT INTO "messages" VALUES('b2:8f420b149c0db874b2aa1a9c5d8e4330','b2:d5df12352c80c6463a9d4918d7bae7f5','assistant',NULL);
INSERT INTO "messages" VALUES('b2:84decd0d26729b8e971f5b957972c102','b2:8f420b149c0db874b2aa1a9c5d8e4330','tool',NULL);
INSERT INTO "messages" VALUES('b2:4b4be0e9e71cd477854f99006056d345','b2:84decd0d26729b8e971f5b957972c102','assistant',NULL);
CREATE TABLE "part_attachments" (
   "part_id" INTEGER REFERENCES "parts"("id"),
   "attachment_id" TEXT REFERENCES "attachments"("id"),
   "order" INTEGER,
   PRIMARY KEY ("part_id", "attachment_id", "order")
);
INSERT INTO "part_attachments" VALUES(5,'7729e44434d9e6a157da7521ff386714f070eef0e7832a7e0da9f77b86728829',0);
CREATE TABLE "parts" (
   "id" INTEGER PRIMARY KEY,
   "message_hash" TEXT REFERENCES "messages"("hash"),
   "position" INTEGER,
   "type" TEXT,
   "tool_name" TEXT,
   "text" TEXT,
   "payload" TEXT
);
INSERT INTO "parts" VALUES(1,'b2:074dea0bd0259e0d5dca16426a45e4f5',0,'text',NULL,'Be brief.',NULL);
INSERT INTO "parts" VALUES(2,'b2:7d1f4ae6d4550e70bb7af01d6ae4fe02',0,'text',NULL,'Hello
there',NULL);
INSERT INTO "parts" VALUES(3,'b2:abb84d36c92e45f3b128ce9930ed8b88',0,'text',NULL,'reply 1 to Hello
there',NULL);
INSERT INTO "parts" VALUES(4,'b2:2dd20056fc41aa59e905e1ee7d7cf170',0,'text',NULL,NULL,'{"text_ref": [{"fragment": 1}, {"literal": "\nLook"}]}');
INSERT INTO "parts" VALUES(5,'b2:2dd20056fc41aa59e905e1ee7d7cf170',1,'attachment',NULL,NULL,'{"attachment": {"id": "7729e44434d9e6a157da7521ff386714f070eef0e7832a7e0da9f77b86728829"}}');
INSERT INTO "parts" VALUES(6,'b2:be17f0baff237dc718ae6d63bb21a5e5',0,'text',NULL,'reply 2 to A fragment.
Look',NULL);
INSERT INTO "parts" VALUES(7,'b2:a4db1e1cc68e5bf60dff5cc6c85b8d0f',0,'text',NULL,'Alone',NULL);
INSERT INTO "parts" VALUES(8,'b2:d2723246f86be7337692851740e9da58',0,'text',NULL,'reply 3 to Alone',NULL);
INSERT INTO "parts" VALUES(9,'b2:d5df12352c80c6463a9d4918d7bae7f5',0,'text',NULL,'use tool',NULL);
INSERT INTO "parts" VALUES(10,'b2:8f420b149c0db874b2aa1a9c5d8e4330',0,'tool_call','up',NULL,'{"name": "up", "arguments": {"text": "a"}, "tool_call_id": "c1"}');
INSERT INTO "parts" VALUES(11,'b2:84decd0d26729b8e971f5b957972c102',0,'tool_result','up',NULL,'{"name": "up", "output": "A", "tool_call_id": "c1"}');
INSERT INTO "parts" VALUES(12,'b2:4b4be0e9e71cd477854f99006056d345',0,'text',NULL,'reply 5 to ',NULL);
CREATE TABLE "prompt_attachments" (
   "response_id" TEXT REFERENCES "responses"("id"),
   "attachment_id" TEXT REFERENCES "attachments"("id"),
   "order" INTEGER,
   PRIMARY KEY ("response_id", "attachment_id")
);
CREATE TABLE "prompt_fragments" (
   "response_id" TEXT REFERENCES "responses"("id"),
   "fragment_id" INTEGER REFERENCES "fragments"("id"),
   "order" INTEGER,
   PRIMARY KEY ("response_id", "fragment_id", "order")
);
CREATE TABLE "responses" (
   "id" TEXT PRIMARY KEY,
   "model" TEXT,
   "prompt" TEXT,
   "system" TEXT,
   "prompt_json" TEXT,
   "options_json" TEXT,
   "response" TEXT,
   "response_json" TEXT,
   "conversation_id" TEXT REFERENCES "conversations"("id"),
   "duration_ms" INTEGER,
   "datetime_utc" TEXT,
   "input_tokens" INTEGER,
   "output_tokens" INTEGER,
   "token_details" TEXT,
   "schema_id" TEXT REFERENCES "schemas"("id")
, "resolved_model" TEXT, "reasoning" TEXT);
CREATE TABLE "system_fragments" (
   "response_id" TEXT REFERENCES "responses"("id"),
   "fragment_id" INTEGER REFERENCES "fragments"("id"),
   "order" INTEGER,
   PRIMARY KEY ("response_id", "fragment_id", "order")
);
CREATE TABLE "threads" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT,
   "tip_message_hash" TEXT REFERENCES "messages"("hash"),
   "forked_from" TEXT REFERENCES "threads"("id"),
   "datetime_utc" TEXT
);
INSERT INTO "threads" VALUES('01m84w1hr27yhrckgn7cfrq4p9','Hello there','b2:be17f0baff237dc718ae6d63bb21a5e5',NULL,'2026-11-23 18:52:38.531871+00:00');
INSERT INTO "threads" VALUES('01m84w1hsgkhyyqh752qzda8m8','Alone','b2:d2723246f86be7337692851740e9da58',NULL,'2026-11-23 18:52:38.576544+00:00');
INSERT INTO "threads" VALUES('01m84w1hszd7byj57hc1mhqdvd','use tool','b2:4b4be0e9e71cd477854f99006056d345',NULL,'2026-11-23 18:52:38.594110+00:00');
CREATE TABLE "tool_calls" (
   "id" INTEGER PRIMARY KEY,
   "response_id" TEXT REFERENCES "responses"("id"),
   "tool_id" INTEGER REFERENCES "tools"("id"),
   "name" TEXT,
   "arguments" TEXT,
   "tool_call_id" TEXT
);
CREATE TABLE "tool_results" (
   "id" INTEGER PRIMARY KEY,
   "response_id" TEXT REFERENCES "responses"("id"),
   "tool_id" INTEGER REFERENCES "tools"("id"),
   "name" TEXT,
   "output" TEXT,
   "tool_call_id" TEXT,
   "instance_id" INTEGER REFERENCES "tool_instances"("id")
, "exception" TEXT);
CREATE TABLE "turns" (
   "id" TEXT PRIMARY KEY,
   "thread_id" TEXT REFERENCES "threads"("id"),
   "parent_message_hash" TEXT REFERENCES "messages"("hash"),
   "tip_message_hash" TEXT REFERENCES "messages"("hash"),
   "model" TEXT,
   "resolved_model" TEXT,
   "options_json" TEXT,
   "schema_id" TEXT REFERENCES "schemas"("id"),
   "input_tokens" INTEGER,
   "output_tokens" INTEGER,
   "token_details" TEXT,
   "duration_ms" INTEGER,
   "datetime_utc" TEXT
, "response_json" TEXT);
INSERT INTO "turns" VALUES('01m84w1hr3pk3tpjd5c87frm3k','01m84w1hr27yhrckgn7cfrq4p9','b2:7d1f4ae6d4550e70bb7af01d6ae4fe02','b2:abb84d36c92e45f3b128ce9930ed8b88','mock-1',NULL,NULL,NULL,5,7,NULL,0,'2026-11-23T18:52:38.531209+00:00',NULL);
INSERT INTO "turns" VALUES('01m84w1hs274hzw6mgccgkvm0r','01m84w1hr27yhrckgn7cfrq4p9','b2:2dd20056fc41aa59e905e1ee7d7cf170','b2:be17f0baff237dc718ae6d63bb21a5e5','mock-1',NULL,NULL,NULL,5,7,NULL,0,'2026-11-23T18:52:38.562874+00:00',NULL);
INSERT INTO "turns" VALUES('01m84w1hsf09j4s8dg4b8z6r48','01m84w1hsgkhyyqh752qzda8m8','b2:a4db1e1cc68e5bf60dff5cc6c85b8d0f','b2:d2723246f86be7337692851740e9da58','mock-1',NULL,NULL,NULL,5,7,NULL,0,'2026-11-23T18:52:38.576073+00:00',NULL);
INSERT INTO "turns" VALUES('01m84w1ht1d1va90v6t8kzs5rv','01m84w1hszd7byj57hc1mhqdvd','b2:d5df12352c80c6463a9d4918d7bae7f5','b2:8f420b149c0db874b2aa1a9c5d8e4330','mock-1',NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23T18:52:38.593762+00:00',NULL);
INSERT INTO "turns" VALUES('01m84w1htqt0dkak8vas22vsxm','01m84w1hszd7byj57hc1mhqdvd','b2:84decd0d26729b8e971f5b957972c102','b2:4b4be0e9e71cd477854f99006056d345','mock-1',NULL,NULL,NULL,5,7,NULL,0,'2026-11-23T18:52:38.615141+00:00',NULL);
COMMIT;
