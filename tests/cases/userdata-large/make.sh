printf 'version: 1\ndescription: "%013000d"\n' 0 >profile.yaml
