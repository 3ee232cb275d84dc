// Holds the Go project's own implementation of transparency logs against ours.
//
//	go run .                  writes vectors.json: trees, proofs, tiles and signed notes
//	go run . DIR "$(cat KEY)" checks an export: its checkpoints' signatures, and by its tiles that
//	                          each checkpoint continues the one before and holds its last event
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin, witness = "node/events/1", "audit.example/w1"

type hashes []tlog.Hash

func (h hashes) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		out[i] = h[n]
	}
	return out, nil
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func texts(proof []tlog.Hash) []string {
	out := []string{}
	for _, h := range proof {
		out = append(out, hex.EncodeToString(h[:]))
	}
	return out
}

type tiles string

func (tiles) Height() int { return 8 }

func (dir tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := [][]byte{}
	for _, t := range wanted {
		path := strings.Replace(t.Path(), "tile/8", string(dir)+"/tiles", 1)
		data, err := os.ReadFile(path)
		if err != nil { // the export holds the tile of its own size: take its beginning
			t.W = 256
			for ; err != nil && t.W > 0; t.W-- {
				data, err = os.ReadFile(strings.Replace(t.Path(), "tile/8", string(dir)+"/tiles", 1))
			}
		}
		out = append(out, data)
	}
	return out, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func check(dir, key string) {
	verifier := note.VerifierList(must(note.NewVerifier(key)))
	names := must(filepath.Glob(dir + "/checkpoints/*.txt"))
	trees := []tlog.Tree{}
	for _, name := range names {
		opened := must(note.Open(must(os.ReadFile(name)), verifier))
		lines := strings.Split(opened.Text, "\n")
		trees = append(trees, tlog.Tree{N: must(strconv.ParseInt(lines[1], 10, 64)), Hash: must(tlog.ParseHash(lines[2]))})
	}
	newest := trees[len(trees)-1]
	reader := tlog.TileHashReader(newest, tiles(dir))
	for _, tree := range trees {
		proof := must(tlog.ProveTree(newest.N, tree.N, reader))
		if err := tlog.CheckTree(proof, newest.N, newest.Hash, tree.N, tree.Hash); err != nil {
			panic(err)
		}
		leaf := must(reader.ReadHashes([]int64{tlog.StoredHashIndex(0, tree.N-1)}))[0]
		record := must(tlog.ProveRecord(newest.N, tree.N-1, reader))
		if err := tlog.CheckRecord(record, newest.N, newest.Hash, tree.N-1, leaf); err != nil {
			panic(err)
		}
	}
	fmt.Printf("%d checkpoints, the newest of %d events: signatures, continuity and last events hold\n", len(trees), newest.N)
}

func main() {
	if len(os.Args) == 3 {
		check(os.Args[1], os.Args[2])
		return
	}
	sizes := []int64{1, 2, 3, 7, 8, 70, 255, 256, 257, 600, 70000}
	var stored hashes
	out := map[string]any{}
	var roots, inclusion, consistency, tileList []any
	next := 0
	for n := int64(0); n < sizes[len(sizes)-1]; n++ {
		stored = append(stored, must(tlog.StoredHashes(n, []byte(fmt.Sprintf("event %d", n)), stored))...)
		size := n + 1
		if size != sizes[next] {
			continue
		}
		next++
		root := must(tlog.TreeHash(size, stored))
		roots = append(roots, []any{size, hex.EncodeToString(root[:])})
		for _, k := range []int64{0, 1, size / 3, size / 2, size - 1} {
			if k < size {
				inclusion = append(inclusion, []any{k, size, texts(must(tlog.ProveRecord(size, k, stored)))})
			}
		}
		for _, old := range []int64{1, 2, size / 3, size / 2, size - 1, size} {
			if old > 0 && old <= size {
				consistency = append(consistency, []any{old, size, texts(must(tlog.ProveTree(size, old, stored)))})
			}
		}
	}
	for _, t := range tlog.NewTiles(8, 0, 70000) {
		if t.L == 0 && t.N%90 != 0 && t.W == 256 {
			continue
		}
		data := must(tlog.ReadTileData(t, stored))
		digest := sha256.Sum256(data)
		tileList = append(tileList, []any{t.L, t.N, t.W, t.Path(), hex.EncodeToString(digest[:])})
	}
	for _, n := range []int64{0, 7, 999, 1000, 1234067, 1000000000} {
		t := tlog.Tile{H: 8, L: 0, N: n, W: 256}
		tileList = append(tileList, []any{0, n, 256, t.Path(), ""})
	}
	seed := make([]byte, 32)
	for i := range seed {
		seed[i] = byte(i)
	}
	skey, vkey, err := note.GenerateKey(bytes.NewReader(seed), "node")
	if err != nil {
		panic(err)
	}
	wkey, wpub, err := note.GenerateKey(bytes.NewReader(make([]byte, 32)), witness)
	if err != nil {
		panic(err)
	}
	signer := must(note.NewSigner(skey))
	root := must(tlog.TreeHash(600, stored))
	body := fmt.Sprintf("%s\n600\n%s\n", origin, root)
	signed := must(note.Sign(&note.Note{Text: body}, signer))
	cosigner := must(fnote.NewSignerForCosignatureV1(wkey))
	both := must(note.Sign(&note.Note{Text: body}, signer, cosigner))
	out["roots"], out["inclusion"], out["consistency"], out["tiles"] = roots, inclusion, consistency, tileList
	out["key"], out["witness_plain_key"], out["witness"] = vkey, wpub, witness
	out["signed"], out["cosigned"] = string(signed), string(both)
	text := must(json.Marshal(out))
	if err := os.WriteFile("vectors.json", append(text, '\n'), 0o644); err != nil {
		panic(err)
	}
}
