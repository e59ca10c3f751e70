"""What browsers and plain HTTP programs see of the Firestore server: REST v1, and the WebChannel streams of the Firebase
JS SDK. All of it asks the same engine that gRPC asks.

`server` is the application; `rest` transcodes unary calls; `channel`, `session` and `streams` are WebChannel, from the HTTP
requests down to the engine; `emulator` has the paths of Google's emulator, `rulebook` the rules that they set; `origins` says
which pages may call; `door` lets gRPC and HTTP/1.1 share one port.
"""
