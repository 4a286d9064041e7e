#!/bin/sh
# watch.sh FOLDER
# Waits for the end of standard input, which comes however the test run ends, even by SIGKILL; then stops the server that the
# file FOLDER/server names ("PID SIGNAL"), waits for its end and removes FOLDER.
cat > /dev/null
if read -r pid signal < "$1/server"; then
  kill -s "$signal" "$pid"
  while kill -0 "$pid"; do sleep 0.05; done
fi 2> /dev/null
# A server that was still laying its files may write between the removal of two of them.
for _ in $(seq 20); do
  rm -rf "$1" 2> /dev/null
  [ -e "$1" ] || break
  sleep 0.5
done
