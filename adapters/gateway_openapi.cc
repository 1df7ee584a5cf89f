#include "adapters/gateway_openapi.h"

namespace moot {

namespace {

constexpr std::string_view kDocument = R"json({
 "openapi": "3.1.0",
 "info": {
  "title": "Moot gateway",
  "version": "1",
  "description": "A 2xx is given only when everything taken is on disk. Sending it again is safe. )json"
                                       R"json(What is refused before it comes to an address (404, 405, 408, 417, )json"
                                       R"json(431, 501) is answered with a problem too. )json"
                                       R"json(/open311/v2/requests.json and .xml are /open311/v2/requests."
 },
 "security": [{"token": []}],
 "paths": {
  "/events": {
   "post": {
    "operationId": "publishEvents",
    "summary": "Publish one CloudEvents 1.0 event, or a batch",
    "description": "In binary mode the attributes are ce- fields and the body is the event's data.",
    "parameters": [{"$ref": "#/components/parameters/trial"}, {"$ref": "#/components/parameters/backfill"}],
    "requestBody": {
     "required": true,
     "content": {
      "application/cloudevents+json": {"schema": {"$ref": "#/components/schemas/CloudEvent"}},
      "application/cloudevents-batch+json": {
        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/CloudEvent"}}
       },
      "application/json": {"schema": {"$ref": "#/components/schemas/Data"}}
     }
    },
    "responses": {
     "200": {"$ref": "#/components/responses/Nothing"},
     "201": {"$ref": "#/components/responses/Stored"},
     "202": {"$ref": "#/components/responses/Kept"},
     "207": {"$ref": "#/components/responses/Partly"},
     "400": {"$ref": "#/components/responses/Refused"},
     "401": {"$ref": "#/components/responses/Refused"},
     "403": {"$ref": "#/components/responses/Refused"},
     "409": {"$ref": "#/components/responses/Refused"},
     "413": {"$ref": "#/components/responses/Refused"},
     "415": {"$ref": "#/components/responses/Refused"},
     "422": {"$ref": "#/components/responses/Refused"},
     "429": {"$ref": "#/components/responses/Later"},
     "503": {"$ref": "#/components/responses/Later"}
    }
   }
  },
  "/open311/v2/requests": {
   "post": {
    "operationId": "publishServiceRequests",
    "summary": "Publish service requests as Open311 GeoReport v2 writes them",
    "parameters": [{"$ref": "#/components/parameters/trial"}, {"$ref": "#/components/parameters/backfill"}],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
      "application/xml": {"schema": {"type": "string"}}
     }
    },
    "responses": {
     "200": {"$ref": "#/components/responses/Nothing"},
     "201": {"$ref": "#/components/responses/Stored"},
     "202": {"$ref": "#/components/responses/Kept"},
     "207": {"$ref": "#/components/responses/Partly"},
     "400": {"$ref": "#/components/responses/Refused"},
     "401": {"$ref": "#/components/responses/Refused"},
     "413": {"$ref": "#/components/responses/Refused"},
     "415": {"$ref": "#/components/responses/Refused"},
     "422": {"$ref": "#/components/responses/Refused"},
     "429": {"$ref": "#/components/responses/Later"},
     "503": {"$ref": "#/components/responses/Later"}
    }
   }
  },
  "/fhir": {
   "post": {
    "operationId": "publishFhir",
    "summary": "Publish FHIR R4 ServiceRequests and Tasks, or a Bundle of them",
    "parameters": [{"$ref": "#/components/parameters/trial"}, {"$ref": "#/components/parameters/backfill"}],
    "requestBody": {
     "required": true,
     "content": {"application/fhir+json": {"schema": {"type": "object"}}}
    },
    "responses": {
     "200": {"$ref": "#/components/responses/Nothing"},
     "201": {"$ref": "#/components/responses/Stored"},
     "202": {"$ref": "#/components/responses/Kept"},
     "207": {"$ref": "#/components/responses/Partly"},
     "400": {"$ref": "#/components/responses/Refused"},
     "401": {"$ref": "#/components/responses/Refused"},
     "413": {"$ref": "#/components/responses/Refused"},
     "415": {"$ref": "#/components/responses/Refused"},
     "422": {"$ref": "#/components/responses/Refused"},
     "429": {"$ref": "#/components/responses/Later"},
     "503": {"$ref": "#/components/responses/Later"}
    }
   }
  },
  "/ihub": {
   "post": {
    "operationId": "publishIhub",
    "summary": "Publish incidents of the police's Standard Data Model",
    "parameters": [{"$ref": "#/components/parameters/trial"}, {"$ref": "#/components/parameters/backfill"}],
    "requestBody": {
     "required": true,
     "content": {"application/vnd.api+json": {"schema": {"type": "object"}}}
    },
    "responses": {
     "200": {"$ref": "#/components/responses/Nothing"},
     "201": {"$ref": "#/components/responses/Stored"},
     "202": {"$ref": "#/components/responses/Kept"},
     "207": {"$ref": "#/components/responses/Partly"},
     "400": {"$ref": "#/components/responses/Refused"},
     "401": {"$ref": "#/components/responses/Refused"},
     "413": {"$ref": "#/components/responses/Refused"},
     "415": {"$ref": "#/components/responses/Refused"},
     "422": {"$ref": "#/components/responses/Refused"},
     "429": {"$ref": "#/components/responses/Later"},
     "503": {"$ref": "#/components/responses/Later"}
    }
   }
  },
  "/upload": {
   "post": {
    "operationId": "uploadFile",
    "summary": "Upload a file; its rows are published as it arrives",
    "parameters": [
     {
      "name": "mapping",
      "in": "query",
      "schema": {"type": "string"},
      "description": "How a CSV file is read; its name in the partnership's mappings"
     },
     {
      "name": "file",
      "in": "query",
      "schema": {"type": "string"},
      "description": "The file's name, by which the inbox and later uploads know it"
     },
     {
      "name": "format",
      "in": "query",
      "schema": {"enum": ["auto", "csv", "cloudevents", "police-uk", "fhir", "ihub", "open311"]}
     },
     {"$ref": "#/components/parameters/trial"},
     {"$ref": "#/components/parameters/backfill"}
    ],
    "requestBody": {
     "required": true,
     "content": {
      "text/csv": {"schema": {"type": "string"}},
      "application/octet-stream": {"schema": {"type": "string"}},
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"schema": {"type": "string"}}
     }
    },
    "responses": {
     "200": {"$ref": "#/components/responses/NothingOfFile"},
     "201": {"$ref": "#/components/responses/FileStored"},
     "202": {"$ref": "#/components/responses/FileKept"},
     "207": {"$ref": "#/components/responses/FilePartly"},
     "400": {"$ref": "#/components/responses/Refused"},
     "401": {"$ref": "#/components/responses/Refused"},
     "403": {"$ref": "#/components/responses/Refused"},
     "404": {"$ref": "#/components/responses/Refused"},
     "413": {"$ref": "#/components/responses/Refused"},
     "415": {"$ref": "#/components/responses/Refused"},
     "422": {"$ref": "#/components/responses/Refused"},
     "429": {"$ref": "#/components/responses/Later"},
     "503": {"$ref": "#/components/responses/Later"}
    }
   }
  },
  "/openapi.json": {
   "get": {
    "operationId": "describe",
    "summary": "This document",
    "security": [],
    "responses": {
     "200": {
      "description": "OpenAPI 3.1",
      "content": {"application/json": {"schema": {"type": "object", "required": ["openapi"]}}}
     }
    }
   }
  },
  "/healthz": {
   "get": {
    "operationId": "health",
    "summary": "The gateway runs",
    "security": [],
    "responses": {
     "200": {
      "description": "It does",
      "content": {
       "application/json": {"schema": {"type": "object", "required": ["ok"], "properties": {"ok": {"const": true}}}}
      }
     }
    }
   }
  },
  "/readyz": {
   "get": {
    "operationId": "ready",
    "summary": "What is sent is taken",
    "security": [],
    "responses": {
     "200": {
      "description": "It is",
      "content": {
       "application/json": {"schema": {"type": "object", "required": ["ok"], "properties": {"ok": {"const": true}}}}
      }
     },
     "503": {
      "description": "Not now: the detail says why",
      "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
     }
    }
   }
  }
 },
 "components": {
  "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "moot token add AGENCY"}},
  "parameters": {
   "trial": {
    "name": "trial",
    "in": "query",
    "schema": {"enum": ["0", "1"]},
    "description": "1: check everything but what is there already, and keep nothing"
   },
   "backfill": {
    "name": "backfill",
    "in": "query",
    "schema": {"enum": ["0", "1"]},
    "description": "1: history, loaded later than it happened"
   }
  },
  "responses": {
   "Nothing": {
    "description": "Everything was there already, or it was a trial",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
   },
   "Stored": {
    "description": "Stored, on disk; each result has its offset",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
   },
   "Kept": {
    "description": "The broker is away: kept here, on disk and sealed, and handed over when it is back",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
   },
   "Partly": {
    "description": "Some were taken and some refused; what was refused waits in the inbox",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
   },
   "NothingOfFile": {
    "description": "Every row was there already, or it was a trial",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UploadReport"}}}
   },
   "FileStored": {
    "description": "Every row was taken, and something stored",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UploadReport"}}}
   },
   "FileKept": {
    "description": "The broker is away: rows were kept here, on disk and sealed, and are handed over when it is back",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UploadReport"}}}
   },
   "FilePartly": {
    "description": "Some rows were refused; they wait in the inbox",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UploadReport"}}}
   },
   "Refused": {
    "description": "Nothing was stored, or of a file what the report says",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "Later": {
    "description": "Not now; sending it again is safe",
    "headers": {"Retry-After": {"schema": {"type": "string"}}},
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   }
  },
  "schemas": {
   "CloudEvent": {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time"],
    "properties": {
     "specversion": {"const": "1.0"},
     "id": {"type": "string"},
     "source": {"type": "string"},
     "type": {"type": "string"},
     "time": {"type": "string"},
     "subject": {"type": "string"},
     "datacontenttype": {"const": "application/json"},
     "knowntime": {"type": "string"},
     "timeprecision": {"enum": ["exact", "day", "month", "approximate"]},
     "record": {"type": "string"},
     "revision": {"type": "integer"},
     "area": {"type": "string"},
     "links": {"type": "string"},
     "data": {"$ref": "#/components/schemas/Data"},
     "data_base64": {"type": "string", "description": "In place of data: the same as bytes, in base64"}
    }
   },
   "Data": {
    "type": "object",
    "additionalProperties": false,
    "properties": {"facts": {"type": "object"}, "personal": {"type": "object"}}
   },
   "Result": {
    "type": "object",
    "required": ["status", "outcome"],
    "additionalProperties": false,
    "properties": {
     "status": {"type": "integer"},
     "outcome": {"enum": ["accepted", "duplicate", "superseding", "refused", "kept"]},
     "source": {"type": "string"},
     "id": {"type": "string"},
     "offset": {"type": "string"},
     "problem": {"$ref": "#/components/schemas/Problem"}
    }
   },
   "Report": {
    "type": "object",
    "additionalProperties": false,
    "required": ["read", "accepted", "duplicate", "superseding", "refused", "first_offset", "last_offset", "results"],
    "properties": {
     "read": {"type": "integer"},
     "accepted": {"type": "integer"},
     "duplicate": {"type": "integer"},
     "superseding": {"type": "integer"},
     "refused": {"type": "integer"},
     "first_offset": {"type": ["string", "null"]},
     "last_offset": {"type": ["string", "null"]},
     "kept": {"type": "integer"},
     "trial": {"const": true},
     "notes": {
      "type": "array",
      "items": {"type": "string"},
      "description": "What was taken although it is not as its standard has it"
     },
     "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}}
    }
   },
   "UploadReport": {
    "type": "object",
    "additionalProperties": false,
    "required": ["read", "accepted", "duplicate", "superseding", "refused", "first_offset", "last_offset", "files",
      "refusals"],
    "properties": {
     "read": {"type": "integer"},
     "accepted": {"type": "integer"},
     "duplicate": {"type": "integer"},
     "superseding": {"type": "integer"},
     "refused": {"type": "integer"},
     "withdrawn": {"type": "integer"},
     "notes": {"type": "array", "items": {"type": "string"}},
     "first_offset": {"type": ["string", "null"]},
     "last_offset": {"type": ["string", "null"]},
     "kept": {"type": "integer"},
     "trial": {"const": true},
     "files": {"type": "array", "items": {"type": "object"}},
     "refusals": {
      "type": "array",
      "items": {
       "type": "object",
       "required": ["row", "code", "detail"],
       "properties": {"row": {"type": "integer"}, "code": {"type": "string"}, "detail": {"type": "string"}}
      }
     },
     "refusals_left_out": {"type": "integer"}
    }
   },
   "Problem": {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
     "type": {"type": "string"},
     "title": {"type": "string"},
     "status": {"type": "integer"},
     "detail": {"type": "string"},
     "code": {"type": "string"},
     "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}}
    }
   }
  }
 }
}
)json";

}  // namespace

std::string_view openapi_document() { return kDocument; }

}  // namespace moot
