module example.org/diff

go 1.22
