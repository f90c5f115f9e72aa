// All tests with a running server, one after the other: some of them count descriptors and
// milliseconds of the whole process.

import Testing

@Suite(.serialized)
enum PortTests {}
