What a notebook holds of its last run, as the record.

  $ nb x.ipynb <<'END'
  > === hello
  > #include <stdio.h>
  > int main(void) { puts("hi"); }
  > === bad
  > int main(void) { return 3; }
  > END
  > cnb run -i -q x.ipynb >/dev/null
  ? 1
  $ cnb export x.ipynb >a.json && cnb export --to json x.ipynb -o b && cmp a.json b
  $ cnb export x.ipynb -o c.json && cmp a.json c.json
  $ python3 -c '
  > import json
  > r = json.load(open("a.json"))
  > print(r["status"], r["counts"]["ok"], r["counts"]["failed"])
  > print([(c["name"], c["status"], c["stdout"], c["duration_ms"])
  >        for c in r["cells"]])'
  failed 1 1
  [('hello', 'ok', 'hi\n', None), ('bad', 'failed', '', None)]

As a notebook it is the notebook.

  $ cnb export --to ipynb x.ipynb | cmp - x.ipynb
  $ cnb export x.ipynb -o y.ipynb && cmp x.ipynb y.ipynb && nbvalidate y.ipynb

A format that the suffix does not tell, and one that there is not:

  $ cnb export x.ipynb -o y.txt
  cnb: cannot tell the format of 'y.txt' from its suffix; say it with --to
  ? 2
  $ cnb export x.ipynb --to jsno
  cnb: option '--to': unknown FORMAT 'jsno'; did you mean 'json'?
  ? 2

What is no notebook stays unread, and nothing is written.

  $ echo '{' >broken.ipynb; cnb export broken.ipynb -o z.json
  cnb: cannot read 'broken.ipynb': line 2, column 1: * (glob)
  ? 2
  $ test -e z.json
  ? 1
