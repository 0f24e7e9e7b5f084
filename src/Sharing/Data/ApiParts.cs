// The parts of a grant's OpenAPI document that are the same for all: answers, refusals (RFC 9457), ways to prove who one is.
namespace Lizhou.Sharing.Data;

internal static class ApiParts
{
    public const string Components = """
        {
          "securitySchemes": {
            "key": { "type": "http", "scheme": "bearer", "description": "A key of the grant (lz_...), made on its page" },
            "application": { "type": "oauth2", "description": "A token of an application that was given the grant (RFC 6749, 4.4), good for half an hour", "flows": { "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": {} } } }
          },
          "schemas": {
            "condition": {
              "description": "Which rows, as the caller sees them: a masked item is compared in its masked form; a comparison with an empty cell is never true. At most 12 deep, 200 parts, no other members",
              "oneOf": [
                { "type": "object", "required": ["column", "is", "value"], "additionalProperties": false, "properties": { "column": { "type": "string" }, "is": { "type": "string", "enum": ["Equal", "NotEqual", "Less", "AtMost", "More", "AtLeast"] }, "value": { "type": ["string", "number", "boolean"] } } },
                { "type": "object", "required": ["column", "oneOf"], "additionalProperties": false, "properties": { "column": { "type": "string" }, "oneOf": { "type": "array", "items": { "type": ["string", "number", "boolean"] } } } },
                { "type": "object", "required": ["column", "empty"], "additionalProperties": false, "properties": { "column": { "type": "string" }, "empty": { "const": true } } },
                { "type": "object", "required": ["all"], "additionalProperties": false, "properties": { "all": { "type": "array", "items": { "$ref": "#/components/schemas/condition" } } } },
                { "type": "object", "required": ["any"], "additionalProperties": false, "properties": { "any": { "type": "array", "items": { "$ref": "#/components/schemas/condition" } } } },
                { "type": "object", "required": ["not"], "additionalProperties": false, "properties": { "not": { "$ref": "#/components/schemas/condition" } } }
              ]
            },
            "item": { "type": "object", "required": ["column", "name"], "properties": { "column": { "type": "string" }, "name": { "type": "string" }, "mask": { "type": ["string", "null"], "description": "How its values are masked; null: in clear" } } },
            "rows": {
              "type": "object", "required": ["grant", "purpose", "snapshot", "items", "rows"],
              "properties": {
                "grant": { "type": "string" }, "purpose": { "type": "string" }, "snapshot": { "type": "integer" },
                "total": { "type": ["integer", "null"], "description": "Null unless asked for by count" },
                "items": { "type": "array", "items": { "$ref": "#/components/schemas/item" } },
                "rows": { "type": "array", "items": { "$ref": "#/components/schemas/row" } },
                "next": { "type": ["string", "null"], "description": "For after; null on the last page" },
                "changes": { "type": ["string", "null"], "description": "For since: what comes after these rows" }
              }
            },
            "change": {
              "type": "object",
              "properties": { "op": { "type": "string", "enum": ["Inserted", "Changed", "Withdrawn"] }, "id": { "type": "string", "description": "The same for the same row each time" }, "row": { "$ref": "#/components/schemas/row" } },
              "description": "As a line of ndjson: _op, _id and the items side by side; the last line has _op Cursor and the cursor as _id"
            },
            "changes": {
              "type": "object", "required": ["grant", "to", "changes", "cursor", "more"],
              "properties": {
                "grant": { "type": "string" }, "purpose": { "type": "string" }, "resource": { "type": "string" },
                "from": { "type": ["integer", "null"], "description": "Null: from nothing" }, "to": { "type": "integer" },
                "items": { "type": "array", "items": { "$ref": "#/components/schemas/item" } },
                "changes": { "type": "array", "items": { "$ref": "#/components/schemas/change" } },
                "cursor": { "type": "string" }, "more": { "type": "boolean" }
              }
            },
            "corrections": {
              "type": "array",
              "items": {
                "type": "object", "required": ["at", "changed", "withdrawn", "snapshot", "since"],
                "properties": { "at": { "type": "string", "format": "date-time" }, "changed": { "type": "integer" }, "withdrawn": { "type": "integer" }, "snapshot": { "type": "integer" }, "since": { "type": "string", "description": "For changes: gives exactly the difference" } }
              }
            },
            "files": {
              "type": "array",
              "items": {
                "type": "object", "required": ["run", "delivery", "file", "rows", "bytes", "digest", "snapshot", "made", "keepUntil", "taken"],
                "properties": {
                  "run": { "type": "string", "format": "uuid" }, "delivery": { "type": "string" }, "file": { "type": "string" }, "rows": { "type": "integer" }, "bytes": { "type": "integer" },
                  "digest": { "type": "string", "description": "SHA-256 of the file as it is fetched, hexadecimal" }, "snapshot": { "type": "integer" }, "made": { "type": "string", "format": "date-time" },
                  "keepUntil": { "type": "string", "format": "date-time" }, "taken": { "type": "integer", "description": "How often it was fetched" }
                }
              }
            },
            "manifest": {
              "type": "object", "required": ["file", "bytes", "sha256", "encrypted", "content", "grant", "purpose", "run", "snapshot", "evidence"],
              "properties": {
                "file": { "type": "string" }, "bytes": { "type": "integer" }, "sha256": { "type": "string" }, "encrypted": { "type": "boolean" },
                "content": { "type": "object", "properties": { "format": { "type": "string" }, "rows": { "type": "integer" }, "bytes": { "type": "integer" }, "sha256": { "type": "string" } } },
                "grant": { "type": "string" }, "purpose": { "type": "string" }, "resource": { "type": "string" }, "delivery": { "type": "string" }, "run": { "type": "string", "format": "uuid" },
                "made": { "type": "string", "format": "date-time" }, "snapshot": { "type": "integer" }, "evidence": { "type": "integer", "description": "Number of the ledger's entry" },
                "items": { "type": "array", "items": { "$ref": "#/components/schemas/item" } }, "changes": { "type": ["string", "null"] }
              }
            },
            "problem": {
              "type": "object", "required": ["title", "status", "detail", "code", "todo", "trackingId"],
              "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string", "description": "What happened" },
                "code": { "type": "string", "description": "Stable, e.g. SHR-032" }, "todo": { "type": "string", "description": "What one can do about it" }, "link": { "type": "string" }, "trackingId": { "type": "string", "description": "What one quotes when one asks for help" }, "traceId": { "type": "string" }
              }
            }
          },
          "responses": {
            "206": { "description": "The ranges asked for" },
            "304": { "description": "Nothing changed since If-None-Match" },
            "400": { "description": "The query is not valid", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "401": { "description": "No key or token, without a body; or one that does not count", "headers": { "WWW-Authenticate": { "schema": { "type": "string" } } }, "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "403": { "description": "The key is another grant's, or the grant does not carry: the reason is told", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "404": { "description": "No such grant, item or file", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "406": { "description": "There is no such format", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "409": { "description": "The cursor is of another view of the rows: begin anew; or the grant is for a number of times and this one is used up (SHR-019), or began with another question (SHR-024)", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "410": { "description": "The cursor is too old, or the file would show its rows in another way now", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } },
            "416": { "description": "The file has no such range" },
            "429": { "description": "The day's quota is spent, or leaves fewer rows than the answer has; or too many tokens that do not count came from this address", "headers": { "Retry-After": { "description": "Seconds", "schema": { "type": "integer" } } }, "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } } }
          }
        }
        """;
}
