import Testing

@testable import Statistics

@Suite("Combinatorial purged splits")
struct CombinatorialSplitsTests {
    @Test(
        "splits and paths are as many as the closed forms say",
        arguments: [(6, 2), (6, 1), (6, 5), (10, 4), (8, 3), (2, 1)])
    func counts(_ folds: Int, _ testFolds: Int) throws {
        let cut = try #require(CombinatorialSplits(count: 10 * folds + 3, folds: folds, testFolds: testFolds))
        func factorial(_ n: Int) -> Int { n < 2 ? 1 : n * factorial(n - 1) }
        let ways = factorial(folds) / factorial(testFolds) / factorial(folds - testFolds)
        #expect(cut.splits.count == ways)
        #expect(CombinatorialSplits.count(folds: folds, testFolds: testFolds) == ways)
        #expect(cut.pathCount == ways * testFolds / folds)
        #expect(cut.paths.count == cut.pathCount)
        #expect(Set(cut.splits).count == ways)
    }

    @Test("every path takes each fold from a split that tests it, and no test is taken twice")
    func paths() throws {
        let cut = try #require(CombinatorialSplits(count: 100, folds: 7, testFolds: 3))
        var taken = Set<[Int]>()
        for path in cut.paths {
            #expect(path.count == 7)
            for (fold, split) in path.enumerated() {
                #expect(cut.splits[split].contains(fold))
                #expect(taken.insert([fold, split]).inserted)
            }
        }
        #expect(taken.count == cut.splits.count * 3)
    }

    @Test("six folds by two: the table of the book")
    func table() throws {
        let cut = try #require(CombinatorialSplits(count: 60, folds: 6, testFolds: 2))
        #expect(cut.splits.prefix(6) == [[0, 1], [0, 2], [0, 3], [0, 4], [0, 5], [1, 2]])
        #expect(
            cut.paths == [
                [0, 0, 1, 2, 3, 4], [1, 5, 5, 6, 7, 8], [2, 6, 9, 9, 10, 11], [3, 7, 10, 12, 12, 13],
                [4, 8, 11, 13, 14, 14],
            ])
    }

    @Test("purge is cut at both borders of a test, embargo behind it only")
    func purged() throws {
        // Ten observations a fold; folds 2 and 3 (from 0), then 1 and 4, are tested.
        let cut = try #require(CombinatorialSplits(count: 60, folds: 6, testFolds: 2, purge: 2, embargo: 1))
        let neighbours = try #require(cut.splits.firstIndex(of: [2, 3]))
        #expect(cut.training(neighbours) == [0..<18, 43..<60])
        let apart = try #require(cut.splits.firstIndex(of: [1, 4]))
        #expect(cut.training(apart) == [0..<8, 23..<38, 53..<60])
        let borders = try #require(cut.splits.firstIndex(of: [0, 5]))
        #expect(cut.training(borders) == [13..<48])
    }

    @Test("the last fold takes what does not divide, and a stretch that nothing is left of is gone")
    func uneven() throws {
        let cut = try #require(CombinatorialSplits(count: 63, folds: 6, testFolds: 3, purge: 4, embargo: 3))
        #expect(cut.fold(0) == 0..<10 && cut.fold(4) == 40..<50 && cut.fold(5) == 50..<63)
        let every = try #require(cut.splits.firstIndex(of: [0, 2, 4]))
        // Between two tests ten are left, less four before, and four and three behind.
        #expect(cut.training(every) == [57..<63])
        #expect(CombinatorialSplits(count: 5, folds: 6, testFolds: 2) == nil)
    }

    @Test("training never comes nearer to a test than the gaps allow, and leaves out nothing else")
    func gaps() throws {
        for (count, folds, testFolds, purge, embargo) in [(97, 8, 3, 1, 2), (200, 5, 2, 3, 0), (64, 6, 4, 0, 5)] {
            let cut = try #require(
                CombinatorialSplits(count: count, folds: folds, testFolds: testFolds, purge: purge, embargo: embargo))
            for split in cut.splits.indices {
                let tests = cut.splits[split].map(cut.fold)
                let training = cut.training(split)
                for place in 0..<count {
                    let isTest = tests.contains { $0.contains(place) }
                    let isNear = tests.contains {
                        place >= $0.lowerBound - purge && place < $0.upperBound + purge + embargo
                    }
                    #expect(training.contains { $0.contains(place) } == !(isTest || isNear))
                }
            }
        }
    }
}
