A run in other formats, while it runs and from what was saved.

  $ nb x.ipynb <<'END'
  > === markdown
  > # Title
  > === hello
  > #include <stdio.h>
  > int main(void) { puts("\033[31mred\033[0m ```\001"); fputs("e\n", stderr); }
  > === bad
  > #include <stdlib.h>
  > int main(void) { abort(); }
  > === broken
  > int main(void) { retrun 0; }
  > === three
  > int main(void) { return 3; }
  > === fine tags=["raises-exception"]
  > int main(void) { return 1; }
  > === shown
  > 1 + 2
  > === left tags=["skip-execution"]
  > int main(void) { return 4; }
  > END
  > cnb run -q -k -i x.ipynb >/dev/null
  ? 1

Markdown: a fence is longer than what it holds, colours and control characters
do not pass.

  $ cnb export x.ipynb -o x.md && head -15 x.md
  # Title
  
  ````c
  #include <stdio.h>
  int main(void) { puts("\033[31mred\033[0m ```\001"); fputs("e\n", stderr); }
  ````
  
  ````
  red ```␁
  e
  ````
  
  ```c
  #include <stdlib.h>
  int main(void) { abort(); }
  $ tail -11 x.md
  ```c
  1 + 2
  ```
  
  ```
  3
  ```
  
  ```c
  int main(void) { return 4; }
  ```

JUnit: a case for each cell, valid for the strictest reader.

  $ cnb export x.ipynb -o x.xml && xmllint --noout --schema $SRC/tests/junit.xsd x.xml
  x.xml validates
  $ sed 's/message="[^"]*\(SIG\|abort\)[^"]*"/message=.../' x.xml
  <?xml version="1.0" encoding="UTF-8"?>
  <testsuites name="cnb" tests="7" failures="1" errors="2">
   <testsuite name="x" tests="7" failures="1" errors="2" skipped="1">
    <properties>
     <property name="notebook" value="x.ipynb"/>
     <property name="language" value="c"/>
    </properties>
    <testcase name="hello" classname="x">
     <system-out>red ```␁
  </system-out>
     <system-err>e
  </system-err>
    </testcase>
    <testcase name="bad" classname="x">
     <error message=... type="SIGABRT">bad:2 in main()
  </error>
    </testcase>
    <testcase name="broken" classname="x">
     <error message="*" type="BuildError">* (glob)
  ...
    </testcase>
    <testcase name="three" classname="x">
     <failure message="exit status 3" type="ExitStatus"></failure>
    </testcase>
    <testcase name="fine" classname="x"/>
    <testcase name="shown" classname="x"/>
    <testcase name="left" classname="x">
     <skipped message="no outcome is recorded"/>
    </testcase>
   </testsuite>
  </testsuites>

JSON lines: the events of the run, and again from what it saved.

  $ cnb run -k x.ipynb -o x.jsonl >/dev/null; python3 -c '
  > import json
  > for line in open("x.jsonl"):
  >     e = json.loads(line)
  >     print(e["event"], e.get("cell", 0), e.get("status", ""), repr(e.get("text", "")))'
  run-begin 0  ''
  ...
  cell-begin 1  ''
  built 1  ''
  text 1  '\x1b[31mred\x1b[0m ```\x01\n'
  text 1  'e\n'
  cell-end 1 ok ''
  ...
  cell-end 5 failed ''
  ...
  result 6  '3'
  cell-end 6 ok ''
  run-end 0 failed ''
  $ cnb export --to jsonl x.ipynb | grep -c '"cell-end"'
  6
  $ cnb run x.ipynb -o no/such/folder.jsonl
  cnb: cannot write 'no/such/folder.jsonl': there is no folder 'no/such'
  ? 3

A run that is killed leaves whole lines.

  $ nb endless.ipynb <<'END'
  > === endless
  > #include <stdio.h>
  > int main(void) { for (long i = 0;; i++) printf("%ld \303\244\n", i); }
  > END
  > touch e.jsonl; cnb run endless.ipynb --to jsonl >e.jsonl & pid=$!
  > while [ "$(wc -l <e.jsonl)" -lt 200 ]; do sleep 0.02; done; kill -9 $pid
  > wait $pid 2>/dev/null; python3 -c '
  > import json
  > text = open("e.jsonl").read()
  > assert text.endswith("\n")
  > lines = [json.loads(l) for l in text.splitlines()]
  > assert len(lines) >= 200 and all("text_base64" not in l for l in lines)
  > assert max(len(l) for l in text.splitlines(True)) <= 4096
  > print("whole")' 2>&1 | grep -v Killed
  whole

A trace wants times.

  $ cnb export x.ipynb --to trace
  cnb: cannot make a trace of 'x.ipynb': it holds no times; 'cnb run -i --timing' saves them
  ? 2
  $ cnb run -k -q x.ipynb -o x.trace >/dev/null; python3 -c '
  > import json
  > t = json.load(open("x.trace"))
  > print([e["name"] for e in t["traceEvents"] if e["ph"] == "X"])'
  ['hello', 'bad', 'broken', 'three', 'fine', 'shown']
  $ cnb run -k -q -i --timing x.ipynb >/dev/null; cnb export x.ipynb --to trace | grep -c '"ph": "X"'
  6

A record is as good as the notebook, and says more.

  $ cnb run -q -k x.ipynb -o x.json >/dev/null; cnb export x.json -o y.json && cmp x.json y.json
  $ cnb export x.json --to html >x.html; htmlcheck --text x.html | sed -n 3,8p
  bad crashed · SIGABRT
  broken build-error · BuildError
  three failed · ExitStatus
  Run
  * UTC (glob)
  Took
  $ sed -i 's/"cnb_record": 1/"cnb_record": 9/' y.json; cnb export y.json -o z.json
  cnb: cannot read 'y.json': a record of another version than 1
  ? 2
  $ head -c 400 x.json >cut.json; cnb export cut.json --to md
  cnb: cannot read 'cut.json': line *, column *: * (glob)
  ? 2

Lanes come from the writes that a record tells.

  $ python3 - <<'END'
  > import json
  > r = json.load(open("x.json"))
  > r["cells"][0]["timeline"] = [
  >     {"t_ms": 0.5, "stream": "stdout", "pid": 7, "tid": 7, "name": "main", "text": "<one>\n"},
  >     {"t_ms": 1.25, "stream": "stderr", "pid": 7, "tid": 8, "name": "worker", "text": "two\n"},
  >     {"t_ms": 2.0, "stream": "stdout", "pid": 9, "tid": 9, "name": "main", "text": "three\n"},
  >     {"t_ms": None, "stream": "stdout", "pid": None, "tid": None, "name": None, "text": "four\n"}]
  > json.dump(r, open("lanes.json", "w"))
  > END
  > cnb export lanes.json -o lanes.html && htmlcheck lanes.html && grep '^<tr><th>\|Timeline' lanes.html
  <details class="lanes" open><summary>Timeline: 4 writes by 4 threads in 2 processes</summary>
  <tr><th>0.500</th><td>&lt;one&gt;</td><td></td><td></td><td></td></tr>
  <tr><th>1.250</th><td></td><td class="e">two</td><td></td><td></td></tr>
  <tr><th>2.000</th><td></td><td></td><td>three</td><td></td></tr>
  <tr><th></th><td></td><td></td><td></td><td>four</td></tr>
  $ cnb export lanes.json --to trace | python3 -c '
  > import json, sys
  > for e in json.load(sys.stdin)["traceEvents"]:
  >     if e["ph"] == "i": print(e["pid"], e["tid"], e["cat"], e["name"])'
  7 7 stdout <one>
  7 8 stderr two
  9 9 stdout three

Several notebooks: one report, or a file for each.

  $ cp x.ipynb y.ipynb; cnb export x.json y.ipynb --to junit >all.xml
  > xmllint --noout --schema $SRC/tests/junit.xsd all.xml; grep '<testsuite' all.xml
  all.xml validates
  <testsuites name="cnb" tests="14" failures="2" errors="4">
   <testsuite name="x" tests="7" failures="1" errors="2" skipped="1" time="*" timestamp="*"> (glob)
   <testsuite name="y" tests="7" failures="1" errors="2" skipped="1"> (glob)
  $ cnb export x.ipynb y.ipynb --to html
  cnb: html takes one notebook, not 2; with -o DIR each gets its own file, and junit merges them
  ? 2
  $ mkdir pages && cnb export x.ipynb y.ipynb --to html -o pages && ls pages
  x.html
  y.html

What cannot be written is known before anything runs.

  $ cnb run x.ipynb -o x.odt
  cnb: cannot tell the format of 'x.odt' from its suffix; say it with --to
  ? 2

A letter of three bytes ends where it ends, also where a quote stands behind it.

  $ for letter in '\355\225\234' '\340\270\201' '\342\202\254' '\303\251' '\360\237\230\200'; do
  >     printf "{\"cells\":[{\"cell_type\":\"markdown\",\"id\":\"a\",\"metadata\":{},\"source\":\"$letter\"}],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}\\n" >letter.ipynb
  >     cnb export -t md letter.ipynb; done
  한
  ก
  €
  é
  😀
