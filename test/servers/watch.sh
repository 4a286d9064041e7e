#!/bin/sh
# watch.sh PID SIGNAL FOLDER
# Waits for the end of standard input, which comes however the test run ends, even by SIGKILL; then stops the server PID with
# SIGNAL, waits for its end and removes FOLDER.
cat > /dev/null
kill -s "$2" "$1" 2> /dev/null
while kill -0 "$1" 2> /dev/null; do sleep 0.05; done
rm -rf "$3"
