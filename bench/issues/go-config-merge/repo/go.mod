module example.org/merge

go 1.22
